package io.aiproxy.container;

/** The three forms of access log that {@code deploy/} has for each container. */
enum AccessLog {
  /** The line, written by logback-access. */
  LINE("access.log"),
  /** A JSON object a line, written by logback-access. */
  JSON("access.json"),
  /** The line, written by the container's own means. */
  NATIVE("access.log");

  private final String file;

  AccessLog(String file) {
    this.file = file;
  }

  /** The file's name in the container's folder of logs. */
  String file() {
    return file;
  }
}
