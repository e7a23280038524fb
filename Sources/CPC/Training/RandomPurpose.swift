/// First element of the path of every random stream in training: a stream is a function of the plan's seed, its purpose
/// and where in the training it is used, never of what was drawn before. So a resumed run draws what an uninterrupted
/// one would, and a checkpoint needs no generator state beside seed and step.
enum RandomPurpose: UInt64 {
  case model = 1
  case objective = 2
  case epoch = 3
  case forward = 4
  case evaluation = 5
  case views = 6
}
