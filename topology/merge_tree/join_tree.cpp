#include <algorithm>
#include <cstddef>
#include <utility>

#include "topology/base/large_pages.h"
#include "topology/base/numbers.h"
#include "topology/base/stop.h"
#include "topology/merge_tree/crossings.h"
#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/merge_tree/neighbourhood.h"
#include "topology/merge_tree/order.h"

namespace tarn {
namespace {

/// One a basin. A component of the sublevel set is named by its eldest basin, which is also the one
/// with the smallest index.
struct Component {
  std::int32_t top;      ///< its latest node; once not eldest any more, the node where that ended
  std::int32_t highest;  ///< its latest vertex; once not eldest any more, the basin it spills into
};

class Sweep {
 public:
  Sweep(const MaskedValues& values, const std::vector<std::int32_t>& minima, Crossings crossings,
        MergeTree& tree)
      : values_(values),
        lists_(std::move(crossings.lists)),
        entries_(std::move(crossings.entryOf)),
        tree_(tree) {
    reserveInLargePages(components_, minima.size());
    reserveInLargePages(elders_, minima.size());
    reserveInLargePages(vertices_, 2 * minima.size());
    reserveInLargePages(parents_, 2 * minima.size());
    for (const std::int32_t vertex : minima) {
      const auto basin = static_cast<std::int32_t>(components_.size());
      components_.push_back({basin, vertex});
      elders_.push_back(basin);
      addNode(vertex);
    }
    tree_.minimaCount = minima.size();
  }

  /// Takes the vertices in order. Memory is fetched ahead, since that order jumps around in it.
  void run(const std::vector<std::int32_t>& order, const std::stop_token& stop) {
    constexpr std::size_t kFar = 32;
    constexpr std::size_t kNear = 16;
    constexpr std::size_t kNearest = 8;
    constexpr std::size_t kStopEvery = std::size_t{1} << 18U;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i % kStopEvery == 0) {
        throwIfStopped(stop, "the tree");
      }
      if (i + kFar < order.size()) {
        fetchVertex(order[i + kFar]);
        fetchList(order[i + kNear]);
        fetchElders(order[i + kNearest]);
      }
      take(order[i]);
    }
  }

  /// Sets a root on every component whose highest vertex is no node yet, lowest root first.
  void addRoots() {
    saddlesEnd_ = vertices_.size();
    std::vector<std::size_t> rootless;
    for (std::size_t basin = 0; basin < components_.size(); ++basin) {
      const Component& component = components_[basin];
      if (isEldest(basin) && vertices_[at(component.top)] != component.highest) {
        rootless.push_back(basin);
      }
    }
    std::sort(rootless.begin(), rootless.end(), [&](std::size_t a, std::size_t b) {
      return values_.before(components_[a].highest, components_[b].highest);
    });
    for (const std::size_t basin : rootless) {
      const std::int32_t vertex = components_[basin].highest;
      const std::int32_t root = addNode(vertex);
      parents_[at(components_[basin].top)] = root;
      entries_[at(vertex)] = root;
    }
  }

  void describeNodes() {
    tree_.nodes.resize(vertices_.size());
    for (std::size_t i = 0; i < vertices_.size(); ++i) {
      const NodeKind kind = i < tree_.minimaCount ? NodeKind::minimum
                            : i < saddlesEnd_     ? NodeKind::saddle
                                                  : NodeKind::root;
      tree_.nodes[i] = {vertices_[i], values_[vertices_[i]], parents_[i], kind};
    }
  }

  std::vector<std::int32_t> takeArcs() { return std::move(entries_); }

  void describeMinima() {
    tree_.deathOfMinimum.reserve(components_.size());
    tree_.spillOfMinimum.reserve(components_.size());
    for (std::size_t basin = 0; basin < components_.size(); ++basin) {
      tree_.deathOfMinimum.push_back(isEldest(basin) ? -1 : components_[basin].top);
      tree_.spillOfMinimum.push_back(isEldest(basin) ? -1 : components_[basin].highest);
    }
  }

 private:
  bool isEldest(std::size_t basin) const {
    return elders_[basin] == static_cast<std::int32_t>(basin);
  }

  std::int32_t eldest(std::int32_t basin) {
    while (elders_[at(basin)] != basin) {
      auto& elder = elders_[at(basin)];
      elder = elders_[at(elder)];
      basin = elder;
    }
    return basin;
  }

  std::int32_t addNode(std::int32_t vertex) {
    vertices_.push_back(vertex);
    parents_.push_back(-1);
    return static_cast<std::int32_t>(vertices_.size()) - 1;
  }

  /// The next of a list of basins; sets `last` at its end.
  std::int32_t next(std::size_t& place, bool& last) const {
    const std::int32_t stored = lists_[place++];
    last = stored < 0;
    return last ? ~stored : stored;
  }

  void fetchVertex(std::int32_t vertex) const { __builtin_prefetch(&entries_[at(vertex)], 1); }

  void fetchList(std::int32_t vertex) const {
    const std::int32_t entry = entries_[at(vertex)];
    if (entry >= 0) {
      __builtin_prefetch(&elders_[at(entry)], 1);
    } else {
      __builtin_prefetch(&lists_[at(~entry)]);
    }
  }

  void fetchElders(std::int32_t vertex) const {
    const std::int32_t entry = entries_[at(vertex)];
    bool last = entry >= 0;
    for (std::size_t place = at(~entry); !last;) {
      __builtin_prefetch(&elders_[at(next(place, last))], 1);
    }
  }

  void take(std::int32_t vertex) {
    const std::int32_t entry = entries_[at(vertex)];
    const std::int32_t basin = entry >= 0 ? entry : lists_[at(~entry)];
    std::int32_t component = eldest(basin);
    if (entry < 0) {
      component = cross(vertex, component, at(~entry));
    }
    components_[at(component)].highest = vertex;
    entries_[at(vertex)] = components_[at(component)].top;
  }

  /// Joins a vertex's own component to the others of its list that are still apart from it; returns
  /// the one that it lies in afterwards.
  std::int32_t cross(std::int32_t vertex, std::int32_t own, std::size_t list) {
    std::int32_t component = own;
    meeting_.clear();
    std::size_t place = list + 1;
    for (bool last = false; !last;) {
      const std::int32_t other = eldest(next(place, last));
      if (other != own && std::find(meeting_.begin(), meeting_.end(), other) == meeting_.end()) {
        meeting_.push_back(other);
        component = std::min(component, other);
      }
    }
    if (meeting_.empty()) {
      return own;
    }
    meeting_.push_back(own);
    const std::int32_t lowest = lists_[list];
    const std::int32_t elderSide = own == component ? lowest : firstIn(component, list + 1);
    const std::int32_t saddle = addNode(vertex);
    for (const std::int32_t other : meeting_) {
      parents_[at(components_[at(other)].top)] = saddle;
      components_[at(other)].top = saddle;
      if (other != component) {
        elders_[at(other)] = component;
        components_[at(other)].highest = other == own ? elderSide : lowest;
      }
    }
    return component;
  }

  /// The first basin from there on in a list that lies in a component, which has one.
  std::int32_t firstIn(std::int32_t component, std::size_t place) {
    for (bool last = false; !last;) {
      const std::int32_t basin = next(place, last);
      if (eldest(basin) == component) {
        return basin;
      }
    }
    return component;
  }

  const MaskedValues& values_;
  std::vector<std::int32_t> lists_;
  std::vector<std::int32_t> entries_;  ///< as in Crossings, then the arc once a vertex is taken
  MergeTree& tree_;
  /// Of the nodes, what is written in no order while they are found: small, to stay in the cache.
  std::vector<std::int32_t> vertices_;
  std::vector<std::int32_t> parents_;
  std::size_t saddlesEnd_ = 0;
  std::vector<Component> components_;
  /// Per basin: one of the same component, nearer to the eldest, which is its own. Apart from the
  /// rest of a component, since it is read for every neighbour of every vertex.
  std::vector<std::int32_t> elders_;
  std::vector<std::int32_t> meeting_;
};

}  // namespace

MergeTree joinTree(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop) {
  const MaskedValues values(grid);
  const Neighbourhood neighbourhood(grid.shape(), connectivity);
  const auto order = sortedOrder(values.span(), stop);
  Flow flow = lowestNeighbourFlow(values, neighbourhood, stop);

  MergeTree tree;
  tree.connectivity = connectivity;
  Crossings crossings = findCrossings(values, flow, neighbourhood, connectivity, stop);
  std::vector<std::int32_t>().swap(flow.basin);
  Sweep sweep(values, flow.minima, std::move(crossings), tree);
  sweep.run(order, stop);
  sweep.addRoots();
  sweep.describeNodes();
  sweep.describeMinima();
  tree.arcOfVertex = sweep.takeArcs();
  tree.basinSizes = std::move(flow.sizes);
  linkChildren(tree);
  return tree;
}

}  // namespace tarn
