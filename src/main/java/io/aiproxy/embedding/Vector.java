package io.aiproxy.embedding;

/** Where a text points to in the space of a model: of length one, so that comparing two is a sum of products. Immutable. */
public final class Vector {
  private final float[] parts;

  private Vector(float[] parts) {
    this.parts = parts;
  }

  /**
   * With the direction of these numbers.
   *
   * @throws IllegalArgumentException if they have none: if there are none, all are zero, or one is not finite
   */
  public static Vector of(float[] numbers) {
    double squares = 0;
    for (float number : numbers) {
      squares += (double) number * number;
    }
    double length = Math.sqrt(squares);
    if (!Double.isFinite(length) || length == 0) {
      throw new IllegalArgumentException("these numbers have no direction");
    }
    float[] parts = new float[numbers.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (float) (numbers[i] / length);
    }
    return new Vector(parts);
  }

  /** How many dimensions it has, at least 1. */
  public int size() {
    return parts.length;
  }

  /**
   * How much two point the same way: the cosine of the angle between them, from -1 to 1 but for rounding.
   *
   * @param other of the same size
   */
  public double similarity(Vector other) {
    float[] others = other.parts;
    double sum = 0;
    for (int i = 0; i < parts.length; i++) {
      sum += (double) parts[i] * others[i];
    }
    return sum;
  }
}
