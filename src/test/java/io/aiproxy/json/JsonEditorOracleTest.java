package io.aiproxy.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonEditorOracleTest {
  @Test
  void editsAsATreeWouldAndLeavesOtherMembersToTheByte() throws BadJson, IOException {
    Texts texts = new Texts(4);
    for (int i = 0; i < 4_000; i++) {
      byte[] body = Texts.bytes(texts.object(3));
      ObjectNode patch = (ObjectNode) Jackson.tree(Texts.bytes(texts.object(3)));
      Edits.check(body, patch, i % 2 == 0);
    }
  }
}
