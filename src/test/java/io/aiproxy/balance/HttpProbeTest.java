package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.balance.Finding.Kind;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Timeouts;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.ScriptedUpstream;
import io.aiproxy.upstream.Transports;
import io.aiproxy.upstream.Upstream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
  private final ScriptedUpstream upstream = ScriptedUpstream.open();
  private final Transports transports = Transports.open();

  @AfterEach
  void close() {
    transports.close();
    upstream.close();
  }

  @Test
  void carriesTheCredentialsOfTheInstance() {
    assertThat(probe("{'http_path':'/status?deep=1','host':'foo.com','req_headers':['X-A: b c']}")
            .ask()
            .kind())
        .isEqualTo(Kind.SUCCESS);

    ScriptedUpstream.Request request = upstream.request(0);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.target()).isEqualTo("/status?deep=1&api%20key=k%26");
    assertThat(request.headers().first("host")).contains("foo.com");
    assertThat(request.headers().first("x-a")).contains("b c");
    assertThat(request.headers().first("authorization")).contains("Bearer t");
  }

  @Test
  void sendsABody() {
    probe("{'http_method':'POST','http_req_body':'{}'}").ask();

    ScriptedUpstream.Request request = upstream.request(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.text()).isEqualTo("{}");
    assertThat(request.headers().first("content-type")).contains("application/json");
  }

  @Test
  void findsABadStatus() {
    upstream.answers(turn -> turn.status(503).json("{}"));

    assertThat(probe("{}").ask())
        .isEqualTo(new Finding(Kind.HTTP_FAILURE, "a probe was answered with 503"));
  }

  @Test
  void findsOneThatHangs() {
    upstream.answers(turn -> turn.stall());

    assertThat(probe("{'timeout':0.05}").ask().kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void findsOneThatIsGone() {
    Probe probe = probe("{}");
    upstream.close();

    assertThat(probe.ask().kind()).isEqualTo(Kind.TCP_FAILURE);
  }

  @Test
  void stopsInTheMiddle() throws Exception {
    upstream.answers(turn -> turn.stall());
    Probe probe = probe("{'timeout':600}");
    CompletableFuture<Finding> asking = CompletableFuture.supplyAsync(probe::ask);
    upstream.request(0);

    probe.stop();

    assertThat(asking.get(10, TimeUnit.SECONDS).kind()).isNotEqualTo(Kind.SUCCESS);
  }

  private Probe probe(String active) {
    Instance instance = Fleet.watched(
        "{'header':{'Authorization':'Bearer t'},'query':{'api key':'k&'}}",
        upstream.url() + "/v1",
        active);
    ActiveCheck check = instance.check().orElseThrow();
    Duration limit = check.timeout();
    return new HttpProbe(
        instance,
        check,
        new Upstream(
            transports.lease(instance.settings().transport()),
            new Timeouts(limit, limit, limit, limit),
            instance.settings().limits(),
            Duration.ZERO),
        Calls.SCHEDULER);
  }
}
