#pragma once
/// \file
/// The golden packs of format version 1: how they were made. A released pack is never made again;
/// this is kept to show what is in it, and for the tiny pack of docs/format/archive.md.

#include <functional>
#include <string>
#include <vector>

#include "dlv/result.h"
#include "storage/archive/pack_file_writer.h"
#include "storage/io/file_system.h"

namespace dlv::testing {

/// Makes the packs base.pack, delta.pack and chunks.pack below `folder`, and contents.txt, a list
/// of all objects.
Status MakeGoldenPacks(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack values.pack below `folder`, and its expected.json: the forms that the format
/// gained before its release.
Status MakeValuesPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack significance.pack below `folder`, and its expected.json: chunks of mode 8.
Status MakeSignificancePack(io::FileSystem& file_system, const std::string& folder);
/// Makes the pack tails.pack below `folder`, and its expected.json: chunks of mode 7.
Status MakeTailsPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack planes.pack below `folder`, and its expected.json: chunks of modes 5 and 7 with a
/// coded plane.
Status MakeCodedPlanesPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the packs chunks.pack and clusters.pack below `folder`, and their expected.json: tensors
/// with second bases.
Status MakeSecondBasesPacks(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack integers.pack below `folder`, and its expected.json: chunks of mode 19.
Status MakeIntegersPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack cold.pack below `folder`, and its expected.json: wide symbols of f32 and bf16,
/// and chunks of mode 18.
Status MakeColdPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack sources.pack below `folder`, and its expected.json: a manifest that says from
/// which files its hyper-parameters, metrics and tags came.
/// folder/narrow.pack and expected.json: deltas of elements whose low bits are 0.
Status MakeNarrowPack(io::FileSystem& file_system, const std::string& folder);
Status MakeSourcesPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack strips.pack below `folder`, and its expected.json: a version with strips.
Status MakeStripsPack(io::FileSystem& file_system, const std::string& folder);

/// Makes the pack that docs/format/archive.md shows byte by byte.
Status MakeTinyPack(io::FileSystem& file_system, const std::string& path);

}  // namespace dlv::testing
