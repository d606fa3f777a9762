package io.aiproxy.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.usage.Usage;
import java.math.BigDecimal;

/** A number of tokens as a provider reports it, whoever that is. */
final class TokenCount {
  private TokenCount() {}

  /** A whole number of tokens that can be believed; else it counts as not said. */
  static long of(JsonNode number) {
    if (!number.isNumber()) {
      return Usage.ABSENT;
    }
    if (!number.isIntegralNumber() && !Double.isFinite(number.doubleValue())) {
      return Usage.ABSENT;
    }
    BigDecimal exact = number.decimalValue();
    boolean believable =
        exact.signum() >= 0 && exact.compareTo(BigDecimal.valueOf(Usage.MOST)) <= 0;
    return believable ? exact.longValue() : Usage.ABSENT;
  }
}
