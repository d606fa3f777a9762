package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

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

  /** The plugin that makes it a route of this gateway. */
  Key key() {
    return Keys.PLUGINS.from(raw).has(Keys.MULTI.name()) ? Keys.MULTI : Keys.PLUGIN;
  }

  boolean isMulti() {
    return key().equals(Keys.MULTI);
  }

  JsonNode plugin() {
    return key().from(Keys.PLUGINS.from(read));
  }

  JsonNode rawPlugin() {
    return key().from(Keys.PLUGINS.from(raw));
  }

  Place pluginPlace() {
    return place.key(Keys.PLUGINS.name()).key(key().name());
  }

  /** An upstream as it was configured: the plugin itself if it knows only one. */
  record Upstream(JsonNode raw, JsonNode read, Place place) {}

  List<Upstream> upstreams() {
    if (!isMulti()) {
      return List.of(new Upstream(rawPlugin(), plugin(), pluginPlace()));
    }
    List<Upstream> all = new ArrayList<>();
    JsonNode written = Keys.INSTANCES.from(rawPlugin());
    JsonNode understood = Keys.INSTANCES.from(plugin());
    Place instances = pluginPlace().key(Keys.INSTANCES.name());
    for (int i = 0; i < understood.size(); i++) {
      all.add(new Upstream(written.path(i), understood.path(i), instances.item(i)));
    }
    return all;
  }

  boolean isOn() {
    return Keys.STATUS.whole(read) == 1 && !Keys.DISABLE.flag(Keys.META.from(plugin()));
  }
}
