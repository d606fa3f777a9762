package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A route whose keys were checked one by one.
 *
 * @param index its place in the file, from 0
 * @param raw as it was written
 * @param read with its references followed, and without what was wrong
 */
record Checked(int index, JsonNode raw, JsonNode read, Place place) {
  String id() {
    return Keys.ID.given(read).map(JsonNode::asText).orElse("route-" + (index + 1));
  }

  JsonNode plugin() {
    return Keys.PLUGIN.from(Keys.PLUGINS.from(read));
  }

  JsonNode rawPlugin() {
    return Keys.PLUGIN.from(Keys.PLUGINS.from(raw));
  }

  Place pluginPlace() {
    return place.key(Keys.PLUGINS.name()).key(Keys.PLUGIN.name());
  }

  boolean isOn() {
    return Keys.STATUS.whole(read) == 1 && !Keys.DISABLE.flag(Keys.META.from(plugin()));
  }
}
