import COpenBLAS

/// Process-wide settings of the numeric libraries.
package enum BLAS {
  /// Sets OpenBLAS to one thread, once. The products call it themselves before the first one: threads are ours,
  /// split over the batch by `Support/Parallel`, so that a thread count fixes the order of every sum.
  package static func configure() { _ = configured }

  /// OpenBLAS's own threads poll for work from the moment it is loaded, a tenth of a second long, which slows down a
  /// program that takes half of that: 59 ms a cold diagnosis, 53 without.
  private static let configured: Void = {
    // In this order: setting a number would start them again.
    openblas_set_num_threads(1)
    fd_openblas_end_threads()
  }()

  /// A million for processors whose kernels (`sgemm_small_kernel_permit` of SkylakeX) make smaller products without packing.
  static let unpackedProductSize: Int? = {
    ["skylakex", "cooperlake", "sapphirerapids"].contains(coreName.lowercased()) ? 1_000_000 : nil
  }()

  /// The processor whose kernels OpenBLAS chose, for instance `SkylakeX`; benchmarks print it beside figures.
  package static var coreName: String { String(cString: openblas_get_corename()) }
}
