#define _GNU_SOURCE
#include "CMatFile.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <matio.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// What a child takes longer for is a damaged file that sends the library round in circles.
enum { PATIENCE_MILLISECONDS = 20000, MOST_VARIABLES = 10000, MOST_NUMBERS = 1 << 20 };

struct matfile {
  int socket;
  pid_t child;
};

typedef struct {
  int32_t variable;
  int64_t start, count;
} request;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

// MARK: Messages

// Each side stops at once when the other is gone, and the parent when it has waited too long.
static bool transfer(int socket, void *bytes, size_t size, bool send_it, int patience) {
  char *at = bytes;
  while (size > 0) {
    struct pollfd ready = {.fd = socket, .events = send_it ? POLLOUT : POLLIN};
    int events = poll(&ready, 1, patience);
    if (events < 0 && errno == EINTR) continue;
    if (events <= 0) return false;
    ssize_t count = send_it ? send(socket, at, size, MSG_NOSIGNAL) : recv(socket, at, size, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= (size_t)count;
  }
  return true;
}

// MARK: Child

// libmatio's functions, found when the child needs them.
static struct {
  mat_t *(*open)(const char *, int);
  matvar_t *(*next)(mat_t *);
  unsigned (*field_count)(matvar_t *);
  char *const *(*field_names)(const matvar_t *);
  matvar_t *(*field)(matvar_t *, size_t, size_t);
  int (*read)(mat_t *, matvar_t *, void *, int *, int *, int *);
} lib;

static bool load_library(void) {
  void *handle = dlopen("libmatio.so.11", RTLD_NOW);
  if (!handle) handle = dlopen("libmatio.so", RTLD_NOW);
  if (!handle) return false;
  *(void **)&lib.open = dlsym(handle, "Mat_Open");
  *(void **)&lib.next = dlsym(handle, "Mat_VarReadNextInfo");
  *(void **)&lib.field_count = dlsym(handle, "Mat_VarGetNumberOfFields");
  *(void **)&lib.field_names = dlsym(handle, "Mat_VarGetStructFieldnames");
  *(void **)&lib.field = dlsym(handle, "Mat_VarGetStructFieldByIndex");
  *(void **)&lib.read = dlsym(handle, "Mat_VarReadData");
  return lib.open && lib.next && lib.field_count && lib.field_names && lib.field && lib.read;
}

static matvar_t *listed[MOST_VARIABLES];
static int listed_count;

static bool tell_status(int status) { return transfer(3, &status, sizeof status, true, -1); }

static void tell(matvar_t *variable, const char *structure, const char *name) {
  if (!variable || !name || listed_count == MOST_VARIABLES) return;
  matfile_variable told = {.rank = variable->rank};
  if (variable->rank < 0 || variable->rank > MATFILE_RANK || (variable->rank > 0 && !variable->dims)) return;
  for (int i = 0; i < variable->rank; i++) {
    told.dims[i] = variable->dims[i] > INT64_MAX ? INT64_MAX : (int64_t)variable->dims[i];
  }
  bool real_number = variable->class_type >= MAT_C_DOUBLE && variable->class_type <= MAT_C_UINT64 &&
                     !variable->isComplex && !variable->isLogical;
  told.number_class = real_number ? (int32_t)variable->class_type : 0;
  // A name that does not fit is cut; it only names.
  size_t used = 0;
  for (const char *c = structure; c && *c && used < MATFILE_NAME_SIZE / 2; c++) told.name[used++] = *c;
  if (structure) told.name[used++] = '.';
  for (const char *c = name; *c && used < MATFILE_NAME_SIZE - 1; c++) told.name[used++] = *c;
  listed[listed_count++] = variable;
  if (!tell_status(1) || !transfer(3, &told, sizeof told, true, -1)) _exit(0);
}

static void list_variables(mat_t *file) {
  matvar_t *variable;
  while (listed_count < MOST_VARIABLES && (variable = lib.next(file))) {
    bool is_structure = variable->class_type == MAT_C_STRUCT;
    for (int i = 0; i < variable->rank; i++) is_structure = is_structure && variable->dims[i] == 1;
    if (!is_structure) {
      tell(variable, NULL, variable->name);
      continue;
    }
    char *const *names = lib.field_names(variable);
    unsigned count = names ? lib.field_count(variable) : 0;
    for (unsigned i = 0; i < count; i++) tell(lib.field(variable, i, 0), variable->name, names[i]);
  }
}

static size_t number_size(const matvar_t *variable) {
  switch (variable->class_type) {
    case MAT_C_INT8: case MAT_C_UINT8: return 1;
    case MAT_C_INT16: case MAT_C_UINT16: return 2;
    case MAT_C_SINGLE: case MAT_C_INT32: case MAT_C_UINT32: return 4;
    default: return 8;
  }
}

// Reads in slabs of whole columns or parts of one; libmatio's own linear access lists every point.
static bool read_numbers(mat_t *file, matvar_t *variable, int64_t start, int64_t count, char *target) {
  if (variable->rank != 2) return false;
  int64_t rows = (int64_t)variable->dims[0], columns = (int64_t)variable->dims[1];
  if (rows <= 0 || columns <= 0 || rows > INT_MAX || columns > INT_MAX || start < 0 || count < 0 ||
      start > rows * columns - count) {
    return false;
  }
  while (count > 0) {
    int64_t row = start % rows, whole = row == 0 ? count / rows : 0;
    int64_t height = whole > 0 ? rows : (count < rows - row ? count : rows - row);
    int64_t width = whole > 0 ? whole : 1;
    int first[2] = {(int)row, (int)(start / rows)}, stride[2] = {1, 1}, edge[2] = {(int)height, (int)width};
    if (lib.read(file, variable, target, first, stride, edge) != 0) return false;
    target += (size_t)(height * width) * number_size(variable);
    start += height * width;
    count -= height * width;
  }
  return true;
}

// Only async-signal-safe calls and memory happen between the fork and here; no other thread exists in this process.
_Noreturn static void serve(const char *path) {
  if (!load_library()) {
    tell_status(-2);
    _exit(0);
  }
  mat_t *file = lib.open(path, MAT_ACC_RDONLY);
  if (!file) {
    tell_status(-1);
    _exit(0);
  }
  list_variables(file);
  if (!tell_status(0)) _exit(0);
  char *numbers = malloc((size_t)MOST_NUMBERS * 8);
  request wanted;
  while (numbers && transfer(3, &wanted, sizeof wanted, false, -1)) {
    bool sensible = wanted.variable >= 0 && wanted.variable < listed_count && wanted.count <= MOST_NUMBERS;
    bool done = sensible && read_numbers(file, listed[wanted.variable], wanted.start, wanted.count, numbers);
    if (!tell_status(done ? 0 : -1)) break;
    if (done && !transfer(3, numbers, (size_t)wanted.count * number_size(listed[wanted.variable]), true, -1)) break;
  }
  _exit(0);
}

// What HDF5 takes for a file that claims too much must fail, not push out other programs: so many bytes beyond what the
// parent has. The sanitizers' own memory would exceed any limit.
static void limit_memory(void) {
#ifndef SANITIZED
  char text[256] = {0};
  long pages = 0;
  int file = open("/proc/self/statm", O_RDONLY);
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0 || sscanf(text, "%*s %*s %*s %*s %*s %ld", &pages) != 1) return;
  rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)2 << 30);
  struct rlimit limit = {most, most};
  setrlimit(RLIMIT_DATA, &limit);
#endif
}

_Noreturn static void become_child(int socket, const char *path) {
  // The child's end is descriptor 3 and there are no others, so that the end of the parent is noticed.
  if (socket != 3) dup2(socket, 3);
  close_range(4, ~0U, 0);
  int nowhere = open("/dev/null", O_RDWR);
  for (int i = 0; i < 3; i++) dup2(nowhere, i);
  if (nowhere > 3) close(nowhere);
  int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  // The parent decides what an interruption means; it may want to read on.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  limit_memory();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  serve(path);
}

// MARK: Parent

matfile *matfile_open(const char *path) {
  int ends[2];
  matfile *file = malloc(sizeof *file);
  if (!file) return NULL;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    free(file);
    return NULL;
  }
  pid_t child = fork();
  if (child == 0) become_child(ends[1], path);
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    free(file);
    return NULL;
  }
  file->socket = ends[0];
  file->child = child;
  return file;
}

int matfile_next(matfile *file, matfile_variable *variable) {
  int status;
  if (!transfer(file->socket, &status, sizeof status, false, PATIENCE_MILLISECONDS)) return -1;
  if (status != 1) return status;
  if (!transfer(file->socket, variable, sizeof *variable, false, PATIENCE_MILLISECONDS)) return -1;
  variable->name[MATFILE_NAME_SIZE - 1] = 0;
  return 1;
}

int matfile_read(matfile *file, int32_t variable, int64_t start, int64_t count, void *buffer, int64_t size) {
  char *at = buffer;
  int64_t width = count > 0 ? size / count : 0;
  while (count > 0) {
    int64_t part = count < MOST_NUMBERS ? count : MOST_NUMBERS;
    request wanted;
    memset(&wanted, 0, sizeof wanted);
    wanted.variable = variable;
    wanted.start = start;
    wanted.count = part;
    int status = -1;
    if (!transfer(file->socket, &wanted, sizeof wanted, true, PATIENCE_MILLISECONDS)) return -1;
    if (!transfer(file->socket, &status, sizeof status, false, PATIENCE_MILLISECONDS) || status != 0) return -1;
    if (!transfer(file->socket, at, (size_t)(part * width), false, PATIENCE_MILLISECONDS)) return -1;
    at += part * width;
    start += part;
    count -= part;
  }
  return 0;
}

void matfile_close(matfile *file) {
  close(file->socket);
  kill(file->child, SIGKILL);
  while (waitpid(file->child, NULL, 0) < 0 && errno == EINTR) {
  }
  free(file);
}
