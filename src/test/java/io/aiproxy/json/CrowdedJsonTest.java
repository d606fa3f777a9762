package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A request that is nothing but brackets and commas must not cost many times its own length in memory. */
class CrowdedJsonTest {
  private static final int MANY = 200_000;
  private static final long FEW_BYTES = 64 * 1024;

  @Test
  void isCountedWithoutBeingTakenApart() throws BadJson {
    JsonValue array = parsed("{\"a\":[" + "1,".repeat(MANY) + "1]}").member("a").orElseThrow();

    assertThat(allocated(() -> assertThat(array.size()).isEqualTo(MANY + 1))).isLessThan(FEW_BYTES);
  }

  @Test
  void isKnownToHoldOneKindWithoutBeingTakenApart() throws BadJson {
    JsonValue array =
        parsed("{\"a\":[" + "{},".repeat(MANY) + "{}]}").member("a").orElseThrow();

    assertThat(
            allocated(() -> assertThat(array.holdsOnly(JsonValue.Kind.OBJECT)).isTrue()))
        .isLessThan(FEW_BYTES);
  }

  @Test
  void handsItsStringsOutWithoutBeingTakenApart() throws BadJson {
    JsonValue array =
        parsed("{\"a\":[" + "[],".repeat(MANY) + "{\"b\":\"x\"}]}").member("a").orElseThrow();
    StringBuilder found = new StringBuilder();

    assertThat(allocated(() -> array.forEachString(string -> found.append(string.text()))))
        .isLessThan(FEW_BYTES);
    assertThat(found.toString()).isEqualTo("xx");
  }

  @Test
  void handsOutStringsAtAnyDepthButNoNames() throws BadJson {
    JsonValue value = parsed(
        "{\"a\" : [\"1\", {\"n\\\"\" :\"2\", \"m\":{\"n\":[\"\\\"3\\\\\"]}}, 4, null], \"b\":\"5\"}");
    StringBuilder found = new StringBuilder();

    value.forEachString(string -> found.append(string.text()).append('|'));

    assertThat(found.toString()).isEqualTo("1|2|\"3\\|5|");
  }

  @Test
  void isAStringItself() throws BadJson {
    StringBuilder found = new StringBuilder();

    parsed("{\"a\":\"x\"}").member("a").orElseThrow().forEachString(s -> found.append(s.text()));

    assertThat(found.toString()).isEqualTo("x");
  }

  @Test
  void isNotEditedInside() throws BadJson {
    JsonEditor editor =
        new JsonEditor(parsed("{\"a\":{" + "\"x\":1,".repeat(20_000) + "\"y\":1}}"));
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("a").put("z", 1);

    assertThatThrownBy(() -> editor.merge(patch, true))
        .isInstanceOf(BadJson.class)
        .hasMessageContaining("members");
  }

  private static JsonValue parsed(String text) throws BadJson {
    byte[] bytes = text.getBytes(UTF_8);
    return JsonValue.parse(bytes, 0, bytes.length, JsonLimits.REQUEST);
  }

  private static long allocated(Runnable step) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    step.run(); // classes are loaded now
    long before = threads.getCurrentThreadAllocatedBytes();
    step.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
