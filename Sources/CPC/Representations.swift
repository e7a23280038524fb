import NeuralNet

/// What a model made of one batch, and the only thing an objective sees.
///
/// Rows are sequences. With V views of B windows there are R = V B rows, view after view: row `v * B + b` is view v
/// of window b, made as ``ObjectiveNeeds/views`` asked for it. Before this value work is split over threads or
/// processes, at it the batch is whole, after it the gradient is split again.
package struct Representations<Scalar: TensorScalar>: Sendable {
  /// z, `[row, step, D]`.
  package var latents: Tensor<Scalar>
  /// c, `[row, step, H]`; c_t has seen z up to and including step t.
  package var contexts: Tensor<Scalar>
  /// Number of views V.
  package var viewCount: Int
  /// Which recording each window is from, `[B]`; equal numbers mean the same recording.
  package var recordings: [Int]
  /// Class of each window, `[B]`, nil where unknown; nil altogether when the objective asked for none.
  package var labels: [Int?]?
  /// Number of each window among all of the training, `[B]`; what is kept for a window is found by it.
  package var windows: [Int]
  /// The same rows by the teacher; nil when the objective asked for none.
  package var teacher: Teacher?

  /// Latents `[row, step, D]` and contexts `[row, step, H]` that no gradient passes.
  package struct Teacher: Sendable {
    package var latents: Tensor<Scalar>
    package var contexts: Tensor<Scalar>

    package init(latents: Tensor<Scalar>, contexts: Tensor<Scalar>) {
      self.latents = latents
      self.contexts = contexts
    }
  }

  /// - `windows`: 0 ..< B where not given.
  @specialized(where Scalar == Float)
  package init(
    latents: Tensor<Scalar>, contexts: Tensor<Scalar>, viewCount: Int = 1, recordings: [Int],
    labels: [Int?]? = nil, windows: [Int]? = nil, teacher: Teacher? = nil
  ) {
    precondition(
      latents.rank == 3 && contexts.rank == 3 && latents.shape[0] == contexts.shape[0]
        && latents.shape[1] == contexts.shape[1],
      "latents \(latents.shape) and contexts \(contexts.shape) are not [row, step, channel] of equal rows and steps"
    )
    precondition(
      viewCount > 0 && recordings.count * viewCount == latents.shape[0],
      "\(recordings.count) windows in \(viewCount) views do not make \(latents.shape[0]) rows")
    precondition(
      labels == nil || labels!.count == recordings.count,
      "\(labels?.count ?? 0) labels for \(recordings.count) windows")
    precondition(
      windows == nil || windows!.count == recordings.count,
      "\(windows?.count ?? 0) window numbers for \(recordings.count) windows")
    precondition(
      teacher == nil
        || (teacher!.latents.shape == latents.shape && teacher!.contexts.shape == contexts.shape),
      "the teacher's latents \(teacher?.latents.shape ?? []) and contexts \(teacher?.contexts.shape ?? []) are not "
        + "those of the model, \(latents.shape) and \(contexts.shape)")
    self.latents = latents
    self.contexts = contexts
    self.viewCount = viewCount
    self.recordings = recordings
    self.labels = labels
    self.windows = windows ?? Array(recordings.indices)
    self.teacher = teacher
  }

  package var rowCount: Int { latents.shape[0] }
  package var windowCount: Int { recordings.count }
  package var stepCount: Int { latents.shape[1] }
  package var latentSize: Int { latents.shape[2] }
  package var contextSize: Int { contexts.shape[2] }
}
