package io.aiproxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonEditorTest {
  @Test
  void changesOneMemberAndNoOtherByte() throws BadJson {
    byte[] body = "{ \"model\" : \"a\",\n  \"n\":1.0 , \"x\":{\"y\":[1,2 ]} }\n".getBytes(UTF_8);
    JsonEditor editor = new JsonEditor(JsonValue.parse(body, 0, body.length, JsonLimits.REQUEST));
    editor.set("model", "\"b\"".getBytes(UTF_8));
    editor.remove("n");
    editor.set("z", "true".getBytes(UTF_8));
    assertThat(new String(editor.bytes(), UTF_8))
        .isEqualTo("{ \"model\" : \"b\" , \"x\":{\"y\":[1,2 ]},\"z\":true }\n");
  }
}
