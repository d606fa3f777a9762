package io.aiproxy.launch;

import java.io.PrintStream;

/**
 * Where a command speaks.
 *
 * @param out what was asked for
 * @param err what went wrong
 */
record Console(PrintStream out, PrintStream err) {
  /** What went wrong, on one line whatever is in it. */
  void complain(String message) {
    err.println(message.replaceAll("\\p{Cntrl}+", " "));
  }
}
