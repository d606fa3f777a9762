package io.aiproxy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.call.Body;
import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.metering.Metering;
import io.aiproxy.stream.Chunk;
import io.aiproxy.stream.Piece;
import io.aiproxy.testing.Calls;
import io.aiproxy.wire.SseDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One event of a stream that comes in one read: cut out, and watched for usage on its way. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
  private static final Map<String, String> EVENTS = Map.of(
      "/v1/chat/completions",
          "data: {\"id\":\"chatcmpl-8f14e45fceea167a5a36dedd4bea2543\",\"object\":\"chat.completion.chunk\",\"created\":1754000000,"
              + "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_560af6e559\",\"choices\":"
              + "[{\"index\":0,\"delta\":{\"content\":\" proxy\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
      "/v1/messages",
          "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
              + "\"delta\":{\"type\":\"text_delta\",\"text\":\" proxy\"}}\n\n");

  /** By which the protocol is known. */
  @Param({"/v1/chat/completions", "/v1/messages"})
  public String path = "";

  private byte[] event = new byte[0];
  private SseDecoder decoder = new SseDecoder();
  private Body metered = Body.of(event);

  @Setup
  public void prepare() {
    event = EVENTS.get(path).getBytes(UTF_8);
    decoder = new SseDecoder();
    Headers headers = Headers.builder().add("content-type", "text/event-stream").build();
    Call call = Calls.arrived(path, "{\"messages\":[],\"max_tokens\":1}", Headers.NONE);
    call.exchange().ledger().attempt("", "http", "localhost", 80, path);
    metered = new Metering()
        .handle(call, asked -> new Reply(200, headers, new Endless(event)))
        .body();
  }

  @Benchmark
  public void cut(Blackhole sink) {
    decoder.next(ByteBuffer.wrap(event), sink::consume);
  }

  @Benchmark
  public boolean cutAndWatch(Blackhole sink) {
    return metered.advance(sink::consume);
  }

  /** One event at each read. */
  private record Endless(byte[] event) implements Body {
    @Override
    public boolean advance(Consumer<? super Piece> out) {
      out.accept(new Chunk(event, 0, event.length, false));
      return true;
    }

    @Override
    public boolean ready() {
      return false;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
