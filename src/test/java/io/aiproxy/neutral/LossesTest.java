package io.aiproxy.neutral;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossesTest {
  @Test
  void keepsOnlyTheFirstOfVeryMany() {
    Losses losses = new Losses();
    for (int i = 0; i < 5_000; i++) {
      losses.drop("member" + i);
    }

    assertThat(losses.places()).hasSize(1_000).contains("member0", "member999");
  }
}
