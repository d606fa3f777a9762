package io.aiproxy.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aiproxy.json.BadJson;
import io.aiproxy.json.JsonEditor;
import io.aiproxy.json.JsonLimits;
import io.aiproxy.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
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

/** The check of a request's JSON, and the splicing of a model's name into it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JsonBenchmark {
  private static final byte[] MODEL = "\"another-model\"".getBytes(UTF_8);

  /** In bytes. */
  @Param({"400", "10000", "1000000"})
  public int length;

  private byte[] body = new byte[0];
  private JsonValue checked = parsed("{}".getBytes(UTF_8));

  @Setup
  public void prepare() {
    body = Bodies.chat(length);
    checked = parsed(body);
  }

  @Benchmark
  public JsonValue check() {
    return parsed(body);
  }

  @Benchmark
  public int splice() throws IOException {
    JsonEditor editor = new JsonEditor(checked);
    editor.set("model", MODEL);
    editor.writeTo(OutputStream.nullOutputStream());
    return editor.length();
  }

  private static JsonValue parsed(byte[] bytes) {
    try {
      return JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
    } catch (BadJson impossible) {
      throw new AssertionError(impossible);
    }
  }
}
