package io.aiproxy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Headers;
import org.junit.jupiter.api.Test;

/** A container that has no room for a head answers with nothing at all. */
class LongReplyHeadersTest {
  @Test
  void leaveOutAFieldThatIsTooLong() {
    Headers passed = ReplyHeaders.of(Headers.builder()
        .add("x-ratelimit-a", "a".repeat(20_000))
        .add("x-ratelimit-b", "b")
        .build());

    assertThat(passed.size()).isEqualTo(1);
    assertThat(passed.first("x-ratelimit-b")).contains("b");
  }

  @Test
  void areNotMoreThanThereIsRoomForButKeepWhatDescribesTheBody() {
    Headers.Builder upstream = Headers.builder();
    for (int i = 0; i < 100; i++) {
      upstream.add("x-ratelimit-" + i, "a".repeat(500));
    }
    upstream.add("Content-Encoding", "gzip").add("Content-Type", "application/json");

    Headers passed = ReplyHeaders.of(upstream.build());

    int size = 0;
    for (Headers.Field field : passed) {
      size += field.name().length() + field.value().length();
    }
    assertThat(size).isLessThan(5_000);
    assertThat(passed.has("Content-Type")).isTrue();
    assertThat(passed.has("Content-Encoding")).isTrue();
  }
}
