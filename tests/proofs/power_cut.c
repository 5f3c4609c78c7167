/* A disk that loses power. Preloaded into a program, it keeps beside the files under POWER_FROM a
 * second set under POWER_TO with what had been made sure of by fsync or fdatasync and no more. What
 * stands there is what a machine would find after its power was cut at this moment. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_folders(char *path, size_t from) {
  for (char *end = path + from; *end; end++)
    if (*end == '/') {
      *end = 0;
      mkdir(path, 0700);
      *end = '/';
    }
}

/* Nothing is sent to the real disk: the second set is the disk. */
static int make_sure(int file) {
  const char *from = getenv("POWER_FROM"), *to = getenv("POWER_TO");
  char link[64], path[PATH_MAX], kept[PATH_MAX * 2], fresh[PATH_MAX * 2 + 40];
  struct stat about;
  if (!from || !to || fstat(file, &about) || !S_ISREG(about.st_mode)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, from, strlen(from)) || strstr(path, " (deleted)")) return 0;
  snprintf(kept, sizeof kept, "%s%s", to, path + strlen(from));
  make_folders(kept, strlen(to) + 1);
  snprintf(fresh, sizeof fresh, "%s.%d", kept, (int)getpid());
  int out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0600), in = open(path, O_RDONLY);
  if (out < 0 || in < 0) abort();
  static __thread char block[1 << 18];
  ssize_t got;
  while ((got = read(in, block, sizeof block)) > 0)
    if (write(out, block, (size_t)got) != got) abort();
  close(in);
  close(out);
  return rename(fresh, kept) ? -1 : 0;
}

int fsync(int file) { return make_sure(file); }
int fdatasync(int file) { return make_sure(file); }
