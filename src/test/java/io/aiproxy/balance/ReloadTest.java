package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.config.Route;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of an instance stays known when its configuration is read anew. */
class ReloadTest {
  private static final String CONFIGURED = """
      {'id':'r','uri':'/*','plugins':{'ai-proxy-multi':{'fallback_strategy':['http_5xx'],'instances':[
      {'name':'a','weight':1,'provider':'openai','auth':{'header':{'Authorization':'Bearer k'}},
      'checks':{'active':{'req_headers':['X-A: b']}}},
      {'name':'b','weight':1,'provider':'openai','auth':{}}]}}}
      """;

  private final FakeTicker ticker = new FakeTicker();
  private final Balance before = balance(CONFIGURED, List.of());
  private final Member known = before.members().get(0);

  @Test
  void keepsTheWordOfAnOperator() {
    known.health().drain();

    assertThat(state(CONFIGURED)).isEqualTo("draining");
  }

  @Test
  void keepsABreakerOpen() {
    for (int i = 0; i < 10; i++) {
      known.told(known.begins(), false);
    }

    Member after = after(CONFIGURED);
    assertThat(after.isHealthy()).isFalse();
    ticker.passes(Duration.ofSeconds(10));
    assertThat(after.isHealthy()).isTrue();
  }

  @Test
  void keepsAnInstanceAtRest() {
    known.rests(Duration.ofSeconds(5));

    assertThat(after(CONFIGURED).isResting()).isTrue();
  }

  @Test
  void goesOnCountingWhatIsUnderWay() {
    known.begins();
    Member after = after(CONFIGURED);
    assertThat(after.underWay()).isEqualTo(1);

    known.ends();

    assertThat(after.underWay()).isZero();
  }

  @Test
  void asksItsOwnHandler() {
    assertThat(after(CONFIGURED).handler()).isNotSameAs(known.handler());
  }

  @Test
  void beginsAnewWithAnInstanceThatHasChanged() {
    known.health().drain();

    assertThat(state(CONFIGURED.replace("Bearer k", "Bearer l"))).isEqualTo("healthy");
    assertThat(state(CONFIGURED.replace("'id':'r'", "'id':'s'"))).isEqualTo("healthy");
    assertThat(state(CONFIGURED.replace("'fallback_strategy':['http_5xx'],", "")))
        .isEqualTo("healthy");
  }

  private String state(String configured) {
    return Standing.of(after(configured)).state();
  }

  private Member after(String configured) {
    return balance(configured, List.of(before)).members().get(0);
  }

  private Balance balance(String configured, List<Balance> known) {
    Route route = Settings.configuration(configured).routes().get(0);
    return Balance.of(route, instance -> Fleet.SILENT::handle, Fleet.services(ticker), known);
  }
}
