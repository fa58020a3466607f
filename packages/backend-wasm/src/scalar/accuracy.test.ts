import { testAccuracy, testEdges, testOpAccuracy, testRemainder } from './accuracy.testing.ts'

testAccuracy()
testOpAccuracy()
testEdges()
testRemainder()
