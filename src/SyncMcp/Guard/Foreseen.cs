using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Guard;

/// <summary>
/// What the first operations of several will have done, laid over what the server shows: the later ones are judged by it. It knows addresses only: what is made
/// stands in its list and at an address of its own, a change is a merge patch there, and lists keep their order.
/// </summary>
internal sealed class Foreseen
{
    private readonly Dictionary<string, JsonObject> made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JsonObject>> patches = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Func<List<JsonObject>, IReadOnlyList<JsonObject>>>> lists = new(StringComparer.Ordinal);

    /// <summary>The address of a request.</summary>
    public static string Path(Endpoint endpoint, JsonObject members)
    {
        var path = endpoint.Route;
        foreach (var member in endpoint.PathMembers)
            path = path.Replace($"{{{member}}}", members[member]?.ToString() ?? "", StringComparison.Ordinal);
        return path;
    }

    /// <summary>Lays one operation over. Runs and their end are not foreseen.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="members">Its arguments with ids in the place of names.</param>
    public void Add(Operation operation, JsonObject members)
    {
        var (endpoint, path) = (operation.Endpoint, Path(operation.Endpoint, members));
        var body = new JsonObject(members.Where(member => !endpoint.PathMembers.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        switch (endpoint.Kind)
        {
            case Kind.Create:
                var position = body["position"]?.DeepClone();
                body["id"] = operation.Makes;
                made[ItemOf(path, operation.Makes!)] = body;
                Change(path, items => Changes.Inserted(items, body, position));
                break;
            case Kind.Update:
                if (!patches.TryGetValue(path, out var earlier))
                    patches.Add(path, earlier = []);
                earlier.Add(body);
                break;
            case Kind.Delete:
                gone.Add(path);
                break;
            case Kind.Move:
                var moved = path.Split('/')[^2];
                Change(path[..^(moved.Length + "//move".Length)], items => Changes.Moved(items, moved, body["position"]));
                break;
        }
    }

    /// <summary>True where nothing that comes before touches the thing at an address, what it is part of, or what its arguments name.</summary>
    public bool IsUntouched(string path, JsonObject members)
    {
        var root = string.Join('/', path.Split('/').Take(3));
        bool Below(string other) => other == root || other.StartsWith($"{root}/", StringComparison.Ordinal);
        var named = Canonical.Of(members);
        return !gone.Concat(made.Keys).Concat(patches.Keys).Any(Below)
            && !lists.Keys.Any(list => Below(list) && !list.StartsWith("/workspaces/", StringComparison.Ordinal))
            && !gone.Concat(made.Keys).Concat(patches.Keys).Any(other => named.Contains($"\"{other.Split('/')[^1]}\"", StringComparison.Ordinal));
    }

    /// <summary>True for what no server has yet.</summary>
    public bool IsMade(string path) => made.ContainsKey(path);

    /// <summary>A thing as it will be; null where it will be gone.</summary>
    public async Task<JsonObject?> ItemAsync(string path, Func<Task<JsonObject>> now) =>
        gone.Contains(path) ? null : Patched(path, made.TryGetValue(path, out var body) ? body : await now());

    /// <summary>True for a thing or list that nothing has touched.</summary>
    public bool LeavesAlone(string path) => !gone.Contains(path) && !made.ContainsKey(path) && !patches.ContainsKey(path);

    /// <summary>A list as it will be.</summary>
    public async Task<List<JsonObject>> ListAsync(string path, Func<Task<List<JsonObject>>> now)
    {
        var items = made.ContainsKey(path[..path.LastIndexOf('/')]) ? [] : await now();
        foreach (var change in lists.GetValueOrDefault(path, []))
            items = [.. change(items)];
        return [.. items.Select(item => (Path: ItemOf(path, item["id"]?.ToString() ?? ""), Item: item)).Where(one => !gone.Contains(one.Path)).Select(one => Patched(one.Path, one.Item))];
    }

    private JsonObject Patched(string path, JsonObject body) => patches.GetValueOrDefault(path, []).Aggregate(body.DeepClone().AsObject(), MergePatch.Apply);

    private void Change(string list, Func<List<JsonObject>, IReadOnlyList<JsonObject>> change)
    {
        if (!lists.TryGetValue(list, out var changes))
            lists.Add(list, changes = []);
        changes.Add(change);
    }

    // Things of a workspace have addresses of their own, parts stand below what they are of.
    private static string ItemOf(string list, string id) => list.Split('/') is ["", "workspaces", _, var kind] ? $"/{kind}/{id}" : $"{list}/{id}";
}
