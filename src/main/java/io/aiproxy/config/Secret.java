package io.aiproxy.config;

/** A credential, which prints as dots. Immutable. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Of any text; whether a header or a query can carry it is checked by the reader. */
  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The credential itself: for the request that needs it, and for nothing else. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "......";
  }
}
