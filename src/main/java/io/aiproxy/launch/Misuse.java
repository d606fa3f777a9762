package io.aiproxy.launch;

/** A command line that cannot be understood; the message says what is wrong with it. */
final class Misuse extends Exception {
  Misuse(String message) {
    super(message);
  }
}
