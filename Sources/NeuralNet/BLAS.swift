import COpenBLAS

/// Process-wide settings of the numeric libraries.
package enum BLAS {
  /// Sets OpenBLAS to one thread, once. The products call it themselves before the first one: threads are ours,
  /// split over the batch by `Support/Parallel`, so that a thread count fixes the order of every sum.
  package static func configure() { _ = configured }

  private static let configured: Void = openblas_set_num_threads(1)

  /// The processor whose kernels OpenBLAS chose, for instance `SkylakeX`; benchmarks print it beside figures.
  package static var coreName: String { String(cString: openblas_get_corename()) }
}
