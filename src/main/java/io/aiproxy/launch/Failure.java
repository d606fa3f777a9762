package io.aiproxy.launch;

import java.util.List;

/** Why a command cannot be done, in lines for the person who gave it. */
final class Failure extends Exception {
  private final List<String> lines;

  Failure(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  Failure(String line) {
    this(List.of(line));
  }

  List<String> lines() {
    return lines;
  }
}
