package io.aiproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com,            https, api.openai.com, 443,  '',      ''",
    "https://api.openai.com/,           https, api.openai.com, 443,  /,       ''",
    "http://API.example,                http,  api.example,    80,   '',      ''",
    "http://localhost:8080/v1,          http,  localhost,      8080, /v1,     ''",
    "http://10.0.0.1:65535//a/../b,     http,  10.0.0.1,       65535, //a/../b, ''",
    "http://[2001:DB8::1]:1/,           http,  [2001:db8::1],  1,    /,       ''",
    "http://[::1],                      http,  [::1],          80,   '',      ''",
    "http://my_service/a%20b?x=1&y=%2F, http,  my_service,     80,   /a%20b,  x=1&y=%2F",
    "http://h?x=a/b?c[],                http,  h,              80,   '',      x=a/b?c[]",
    "http://h/?,                        http,  h,              80,   /,       ''"
  })
  void takesAnAddressApart(
      String text, String scheme, String host, int port, String path, String query) {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint(scheme, host, port, path, query));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api.openai.com",
        "/v1",
        "//host",
        "ftp://host",
        "HTTPS://host",
        "https:host",
        "https://",
        "https:///path",
        "https://:443",
        "https://?q",
        "https://host:",
        "https://host:0",
        "https://host:65536",
        "https://host:999999999999",
        "https://host:8o",
        "https://user@host",
        "https://user:password@host/",
        "https://host/#part",
        "https://host/?q#part",
        "https://ho st/",
        "https://host/a b",
        "https://host/?a b",
        "https://host/a\nb",
        "https://host/\n",
        "https://host\r\n",
        "https://host/\t",
        "https://host/\u0000",
        "https://host/é",
        "https://hôst/",
        "https://host\\@evil/",
        "https://host/\\",
        "https://host/{model}",
        "https://host/%",
        "https://host/%2",
        "https://host/%zz",
        "https://-host/",
        "https://.host/",
        "https://[::1",
        "https://::1/",
        "https://[g::1]/",
        " https://host"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(text));
  }

  @Test
  void saysNothingOfTheTextItRefuses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("https://name:password@host/"))
        .withMessage("must not hold a user or a password; credentials belong in auth");
  }

  @Test
  void doesNotPrintItsQuery() {
    assertThat(Endpoint.parse("https://host/path?key=sk-secret"))
        .hasToString("https://host:443/path");
  }
}
