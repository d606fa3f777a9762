package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SseEventTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "data: x|x",
        "data:x|x",
        "data:  x|~ x~",
        "data: |~~",
        "data:|~~",
        "data|~~",
        "data: a: b|a: b",
        "data: x\\r|x",
        "data: x\\r\\ndata: y|x\\ny",
        "data\\ndata|\\n",
        "data\\ndata: x\\n: comment\\ndata: |\\nx\\n",
        "id: 1\\ndata: x\\nretry: 5|x",
        "data : x|none",
        "Data: x|none",
        "datax|none",
        "dat|none",
        "~ data: x~|none",
        ":data: x|none",
        "~~|none"
      })
  void readsData(String lines, String data) {
    SseEvent event = event(real(lines) + "\n\n", false);
    assertThat(event.hasData() ? text(event) : "none").isEqualTo(real(data));
    assertThat(event.dataLength()).isEqualTo(event.hasData() ? real(data).length() : 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "event: a|a",
        "event:\u00e9|\u00e9",
        "data: x\\nevent: a|a",
        "event: a\\nevent: b|b",
        "event|~~",
        "events: a|~~",
        "data: event: a|~~"
      })
  void readsTheName(String lines, String name) {
    assertThat(event(real(lines) + "\n\n", false).name()).isEqualTo(name);
  }

  private static String real(String escaped) {
    return escaped.replace("\\r", "\r").replace("\\n", "\n");
  }

  @Test
  void readsBehindAByteOrderMarkOnlyInTheFirst() {
    assertThat(event("\ufeffdata: x\n\n", true).hasData()).isTrue();
    assertThat(event("\ufeffdata: x\ndata: y\n\n", true).dataLength()).isEqualTo(3);
    assertThat(event("\ufeffdata: x\n\n", false).hasData()).isFalse();
  }

  @Test
  void comparesItsDataByteForByte() {
    byte[] done = "[DONE]".getBytes(UTF_8);
    assertThat(event("data: [DONE]\n\n", false).isData(done)).isTrue();
    assertThat(event("data:[DONE]\r\n\r\n", false).isData(done)).isTrue();
    assertThat(event("data: [DONE] \n\n", false).isData(done)).isFalse();
    assertThat(event("data: [DONE\n\n", false).isData(done)).isFalse();
    assertThat(event(": [DONE]\n\n", false).isData(done)).isFalse();
    assertThat(event(":\n\n", false).isData(new byte[0])).isFalse();
  }

  @Test
  void copiesNothingForOneDataLine() {
    SseEvent event = event("event: a\ndata: x\n\n", false);
    assertThat(event.dataArray()).isSameAs(event.array());
  }

  @Test
  void keepsACopyThatCanStillBeRead() {
    byte[] array = "##event: a\ndata: x\n\n##".getBytes(UTF_8);
    SseEvent kept = new SseEvent(array, 2, array.length - 4, false, true).kept();
    Arrays.fill(array, (byte) '#');
    assertThat(kept.name()).isEqualTo("a");
    assertThat(text(kept)).isEqualTo("x");
    assertThat(kept.whole()).isTrue();
  }

  @Test
  void staysInsideItsRange() {
    byte[] array = "data: xy\n\n".getBytes(UTF_8);
    assertThat(text(new SseEvent(array, 0, 7, false, false))).isEqualTo("x");
    assertThat(new SseEvent(array, 0, 3, false, false).hasData()).isFalse();
    assertThat(text(new SseEvent(array, 0, 4, false, false))).isEmpty();
    assertThat(new SseEvent(array, 0, 0, false, false).hasData()).isFalse();
  }

  private static SseEvent event(String text, boolean first) {
    byte[] bytes = ("x" + text + "data: z").getBytes(UTF_8);
    return new SseEvent(bytes, 1, bytes.length - 8, first, true);
  }

  private static String text(SseEvent event) {
    return new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8);
  }
}
