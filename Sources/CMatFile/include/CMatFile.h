#ifndef CMATFILE_H
#define CMATFILE_H

#include <stdint.h>

/// MATLAB 7.3 files, read by libmatio in a child process.
///
/// HDF5 1.10 crashes on some damaged files and prints on standard error, and neither library may be used from two
/// threads. A child for each open file keeps all of that away; it ends with the file. libmatio is loaded by the child,
/// so that a program which opens no such file does not pay for it.

enum {
  MATFILE_NAME_SIZE = 512,
  MATFILE_RANK = 8,
};

/// One variable, or one field of a structure, as `structure.field`.
typedef struct {
  char name[MATFILE_NAME_SIZE];
  /// libmatio's class: 6 double, 7 single, then int8, uint8, ... uint64 as 8 to 15; 0 for what is no real number.
  int32_t number_class;
  int32_t rank;
  int64_t dims[MATFILE_RANK];
} matfile_variable;

typedef struct matfile matfile;

/// Starts a child that opens the file; NULL with `errno` where no child can be started.
matfile *matfile_open(const char *path);

/// The next variable: 1 if there was one, 0 after the last, -1 if the file cannot be read or the child failed,
/// -2 if libmatio is not installed.
int matfile_next(matfile *file, matfile_variable *variable);

/// Reads `count` numbers of the variable with that place in the listing, from `start` on in stored order, in the
/// variable's class and this machine's byte order; 0, or -1 if they cannot be read.
///
/// `buffer` has room for `size` bytes, which must be `count` numbers.
int matfile_read(matfile *file, int32_t variable, int64_t start, int64_t count, void *buffer, int64_t size);

/// Ends the child.
void matfile_close(matfile *file);

#endif
