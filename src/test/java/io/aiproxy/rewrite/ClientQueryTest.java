package io.aiproxy.rewrite;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.aiproxy.call.Problem;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientQueryTest {
  @ParameterizedTest
  @ValueSource(strings = {"q=ä", "q=\u0001", "a b", "q=\u007f"})
  void isRefusedAsTheClientsFaultIfNoRequestLineCanHoldIt(String query) {
    Address address = new Address(Settings.of("{'provider':'openai','auth':{}}"));

    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> address.of(Calls.at("passthrough", "/x", query), ""))
        .matches(problem -> problem.kind() == Problem.Kind.INVALID_REQUEST);
  }
}
