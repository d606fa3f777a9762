package io.aiproxy.launch;

import java.util.List;

/** Why a command cannot be done, in lines for the person who gave it, and the exit status that says so. */
final class Failure extends Exception {
  private final int status;
  private final List<String> lines;

  private Failure(int status, List<String> lines) {
    super(String.join("; ", lines));
    this.status = status;
    this.lines = List.copyOf(lines);
  }

  /** Something is wrong with what the command needs. */
  static Failure of(List<String> lines) {
    return new Failure(Command.FAILED, lines);
  }

  static Failure of(String line) {
    return of(List.of(line));
  }

  /** The command line cannot be understood. */
  static Failure misuse(String line) {
    return new Failure(Command.MISUSED, List.of(line, "Try --help."));
  }

  int status() {
    return status;
  }

  List<String> lines() {
    return lines;
  }
}
