package io.aiproxy.auth;

/** Something that need not be on the class path. */
final class Library {
  private Library() {}

  /** Whether a class of it can be had; does not initialise it. */
  static boolean has(String className) {
    try {
      Class.forName(className, false, Library.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError missing) {
      return false;
    }
  }
}
