package io.aiproxy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VectorTest {
  @Test
  void comparesDirectionsAndNotLengths() {
    Vector one = Vector.of(new float[] {3, 4});

    assertThat(one.similarity(Vector.of(new float[] {300, 400}))).isCloseTo(1, within(1e-6));
    assertThat(one.similarity(Vector.of(new float[] {-4, 3}))).isCloseTo(0, within(1e-6));
    assertThat(one.similarity(Vector.of(new float[] {-3, -4}))).isCloseTo(-1, within(1e-6));
  }

  @Test
  void bearsTheLargestAndTheSmallestNumbers() {
    Vector one = Vector.of(new float[] {Float.MAX_VALUE, Float.MAX_VALUE});

    assertThat(one.similarity(Vector.of(new float[] {Float.MIN_VALUE, Float.MIN_VALUE})))
        .isCloseTo(1, within(1e-6));
  }

  @Test
  void refusesNumbersWithoutADirection() {
    assertThatIllegalArgumentException().isThrownBy(() -> Vector.of(new float[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> Vector.of(new float[] {0, 0}));
    assertThatIllegalArgumentException().isThrownBy(() -> Vector.of(new float[] {1, Float.NaN}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Vector.of(new float[] {Float.POSITIVE_INFINITY, 1}));
  }
}
