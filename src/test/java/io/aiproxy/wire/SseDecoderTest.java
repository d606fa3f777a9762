package io.aiproxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseDecoderTest {
  @Test
  void givesEachEventOutWithItsData() {
    List<String> data = new ArrayList<>();
    SseDecoder decoder = new SseDecoder();
    decoder.next(
        ByteBuffer.wrap("event: a\ndata: one\n\ndata: two\r\n\r\n".getBytes(UTF_8)), piece -> {
          SseEvent event = (SseEvent) piece;
          data.add(event.name() + "="
              + new String(event.dataArray(), event.dataOffset(), event.dataLength(), UTF_8));
        });
    assertThat(data).containsExactly("a=one", "=two");
  }
}
