package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggedRequestTest {
  @ParameterizedTest
  @CsvSource({
    "key=abc, key=***",
    "a=1&api_key=abc&b=2, a=1&api_key=***&b=2",
    "API-Key=abc, API-Key=***",
    "access%5Ftoken=abc, access%5Ftoken=***",
    "token=a=b, token=***",
    "key=, key=***",
    "key=1&key=2, key=***&key=***",
  })
  void hidesCredentialsOfAQuery(String query, String shown) {
    assertThat(LoggedRequest.withoutCredentials(query)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"monkey=1", "a&b", "''", "%zz=1", "=x", "api_key", "a=1&&b=2&"})
  void leavesTheRestOfAQueryAsItIs(String query) {
    assertThat(LoggedRequest.withoutCredentials(query)).isEqualTo(query);
  }

  @Test
  void showsNoCharacterThatBeginsALineOrMovesACursor() {
    assertThat(LoggedRequest.printable("a\r\nb\u001b[31m\u0085\u2028\u2029\u007fc"))
        .isEqualTo("a__b_[31m____c");
  }

  @Test
  void leavesOtherLanguagesAlone() {
    assertThat(LoggedRequest.printable("grüße 世界 \ud83d\ude00")).isEqualTo("grüße 世界 \ud83d\ude00");
  }
}
