{% load static smallwins %}const CARRIED = {
  face: "{{ face.written|escapejs }}",
  send: "/api/v1/wins",
  today: "{% url 'wins:today' %}",
  share: "{% url 'pocket:shared' %}",
  shell: "{% url 'pocket:offline' %}",
  kept: "{% url 'pocket:kept' %}",
  door: "{% url 'hard_moment:door' %}",
  everywhere: "{% url 'hard_moment:all' %}",
  files: ["{% asset "web/smallwins.css" %}", "{% asset "web/smallwins.js" %}", "{% asset "pocket/pocket.js" %}", "{% asset face.drawing %}", "{% asset face.small %}"],
};
importScripts("{% asset "pocket/queue.js" %}", "{% asset "pocket/worker.js" %}");
