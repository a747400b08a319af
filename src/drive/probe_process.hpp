// What runs inside a probe: a process of its own that opens one drive or file, is confined to it,
// asks, parses, and tells (probe_words.hpp).
//
// In this order: who holds it; then, confined, who it is, by commands; then, without the right to
// commands, what it holds. libblkid meets what a stranger wrote, so it runs where nothing is left
// to give away; and a drive whose medium does not read any more still tells who it is.
#pragma once

#include "drive_probe.hpp"

#include "quietus/confine/child_process.hpp"
#include "quietus/record/technique.hpp"

#include <string>

namespace quietus {

/// Of a node. Where confinement fails nothing is parsed: that is a problem, and the outcome partly.
[[nodiscard]] ChildWork node_probe(const ProbeQuestion& question);
/// Of the node of a drive that takes commands in that language, once it is known who it is: what
/// else it tells (ask_facts.hpp).
[[nodiscard]] ChildWork facts_probe(const ProbeQuestion& question, CommandLanguage language);
/// Of a regular file: its contents alone.
[[nodiscard]] ChildWork file_probe(const std::string& path);

} // namespace quietus
