package io.aiproxy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.rewrite.Rewrite;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.Settings;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Making a client's request the upstream's: its address, its headers by the rules, its model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RewriteBenchmark {
  private static final String PATH = "/v1/chat/completions";
  private static final Reply NOTHING = new Reply(200, Headers.NONE, Body.of(new byte[0]));

  private final Rewrite rewrite = new Rewrite(
      "bench",
      Settings.of("{'provider':'openai','auth':{'header':{'Authorization':'Bearer sk-1'}},"
          + "'options':{'model':'another-model'}}"));
  private final String body = new String(Bodies.chat(400), UTF_8);

  /** As one of the official clients sends them. */
  private final Call arrived = Calls.arrived(
      PATH,
      body,
      Headers.builder()
          .add("Host", "gateway.example")
          .add("Authorization", "Bearer client-key")
          .add("Accept", "application/json")
          .add("Accept-Encoding", "gzip, deflate")
          .add("Connection", "keep-alive")
          .add("Content-Type", "application/json")
          .add("Content-Length", Integer.toString(body.length()))
          .add("User-Agent", "OpenAI/Python 2.8.1")
          .add("x-stainless-lang", "python")
          .add("x-stainless-os", "Linux")
          .add("x-stainless-retry-count", "0")
          .build());

  @Benchmark
  public Reply rewrite() {
    // an exchange of its own, since its ledger remembers every attempt
    Call call = Calls.again(arrived);
    return rewrite.handle(call, sent -> NOTHING);
  }
}
