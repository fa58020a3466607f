import { testAccuracy, testEdges, testOpAccuracy } from './accuracy.testing.ts'

testAccuracy()
testOpAccuracy()
testEdges()
