package io.aiproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aiproxy.provider.Providers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancingTest {
  private static final String PLUGIN = "routes[0].plugins.ai-proxy-multi";

  @Test
  void asksNobodyElseUnlessToldTo() throws BadConfiguration {
    Balancing balancing = balancing("");

    assertThat(balancing.choosing().algorithm()).isEqualTo(Balancing.Algorithm.ROUNDROBIN);
    assertThat(balancing.fallback().isOff()).isTrue();
    assertThat(balancing.again().times()).isZero();
    assertThat(balancing.hedging()).isEmpty();
    assertThat(balancing.holds()).isFalse();
  }

  @Test
  void readsWhenOthersAreAsked() throws BadConfiguration {
    Balancing.Fallback fallback = balancing("""
        'fallback_strategy':['rate_limiting','http_429'],'fallback_http_statuses':[403],'max_retries':2,
        'retry_on_failure_within_ms':300,'retry_budget_percent':50,'stream_hold_ms':700
        """).fallback();

    assertThat(fallback.covers(429)).isTrue();
    assertThat(fallback.covers(403)).isTrue();
    assertThat(fallback.covers(500)).isFalse();
    assertThat(fallback.maxRetries()).isEqualTo(OptionalInt.of(2));
    assertThat(fallback.within()).contains(Duration.ofMillis(300));
    assertThat(fallback.hold()).isEqualTo(Duration.ofMillis(700));
    assertThat(fallback.budgetPercent()).isEqualTo(50);
  }

  @Test
  void readsWhenOneIsAskedAgain() throws BadConfiguration {
    assertThat(balancing("'retries_per_instance':2,'retry_max_wait_ms':900").again())
        .isEqualTo(new Balancing.Again(2, Duration.ofMillis(900)));
  }

  @Test
  void readsWhenASecondOneIsAsked() throws BadConfiguration {
    assertThat(balancing("'hedge_after_ms':250").hedging())
        .contains(new Balancing.Hedging(Optional.of(Duration.ofMillis(250)), 10));
    assertThat(balancing("'hedge_at_p95':true,'hedge_budget_percent':5").hedging())
        .contains(new Balancing.Hedging(Optional.empty(), 5));
  }

  @Test
  void readsTheBoundsOfAnInstance() throws BadConfiguration {
    Instance instance = route(
            "", "'max_concurrent_requests':20,'max_queued_requests':5,'queue_timeout_ms':300,")
        .instances()
        .get(0);

    assertThat(instance.bulkhead()).isEqualTo(new Instance.Bulkhead(20, 5, Duration.ofMillis(300)));
    assertThat(route("", "").instances().get(0).bulkhead().places()).isZero();
  }

  @Test
  void watchesInstancesByTheirRequestsUnlessToldNotTo() throws BadConfiguration {
    assertThat(route("", "").instances().get(0).passive())
        .contains(new PassiveCheck(
            50, 10, Duration.ofSeconds(30), Duration.ofSeconds(10), Optional.empty()));
    assertThat(route("", "'checks':{'passive':{'failure_percent':0}},")
            .instances()
            .get(0)
            .passive())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'hedge_after_ms':10000 | .hedge_after_ms: must be less than stream_hold_ms",
        "'hedge_after_ms':5,'hedge_at_p95':true | .hedge_after_ms: cannot stand beside hedge_at_p95",
        "'hedge_after_ms':0 | .hedge_after_ms: must be a whole number from 1 to 600000, was 0",
        "'retries_per_instance':6 | .retries_per_instance: must be a whole number from 0 to 5, was 6"
      },
      quoteCharacter = '"')
  void saysWhatIsWrong(String keys, String message) {
    BadConfiguration bad =
        catchThrowableOfType(BadConfiguration.class, () -> balancing(keys.strip()));

    assertThat(bad.errors()).extracting(ConfigError::toString).containsExactly(PLUGIN + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'max_concurrent_requests':0,", "'max_queued_requests':-1,"})
  void refusesBoundsThatAreNone(String keys) {
    assertThatThrownBy(() -> route("", keys)).isInstanceOf(BadConfiguration.class);
  }

  private static Balancing balancing(String keys) throws BadConfiguration {
    return route(keys.isEmpty() ? "" : keys + ",", "").balancing().orElseThrow();
  }

  private static Route route(String keys, String instanceKeys) throws BadConfiguration {
    String file = """
        {'routes':[{'uri':'/*','plugins':{'ai-proxy-multi':{%s 'instances':[
          {'name':'a','weight':1,'provider':'openai',%s 'auth':{}}]}}}]}
        """.formatted(keys, instanceKeys).replace('\'', '"');
    return new ConfigReader(Providers.installed(), new ScriptedEnvironment())
        .read(file.getBytes(UTF_8))
        .routes()
        .get(0);
  }
}
