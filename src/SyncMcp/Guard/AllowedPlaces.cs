using System.Text.Json.Nodes;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Guard;

/// <summary>A folder that the operator allowed.</summary>
/// <param name="Path">Full path.</param>
/// <param name="ReadOnly">For sources only.</param>
internal sealed record AllowedPlace(string Path, bool ReadOnly);

/// <summary>Folders that file connectors may reach beside the data directory's <c>files/</c>: <c>allowed.json</c> in the operator's folder, read at each question.</summary>
internal sealed class AllowedPlaces(ServerOptions options)
{
    private const string Name = "allowed.json";
    private readonly OperatorPlace place = new(options.OperatorFolder);

    /// <summary>The folders.</summary>
    public IReadOnlyList<AllowedPlace> List() =>
        place.Read(Name) is not { } text ? [] :
        [
            .. from folder in JsonNode.Parse(text)!.AsArray().OfType<JsonObject>()
               select new AllowedPlace(folder["path"]!.GetValue<string>(), folder["access"]!.GetValue<string>() != "read-write"),
        ];

    /// <summary>Paths of those that may be read or written, for the engine.</summary>
    public IReadOnlyList<string> Roots(bool toWrite) => [.. List().Where(folder => !toWrite || !folder.ReadOnly).Select(folder => folder.Path)];

    /// <summary>Allows a folder, or changes how it is allowed.</summary>
    public void Add(AllowedPlace folder) => Save([.. List().Where(known => known.Path != folder.Path), folder]);

    /// <summary>Forgets a folder; false where it was not allowed.</summary>
    public bool Remove(string path)
    {
        var before = List();
        Save([.. before.Where(known => known.Path != path)]);
        return before.Any(known => known.Path == path);
    }

    /// <summary>The real path where a file may be reached without asking, in the given direction; null where it may not.</summary>
    public string? Resolve(string path, bool toWrite)
    {
        var folders = Roots(toWrite);
        try
        {
            return new FileRoots(System.IO.Path.Combine(System.IO.Path.GetFullPath(options.DataDirectory), "files"), () => folders) { Closed = [options.OperatorFolder] }.Resolve(path);
        }
        catch (ReplicationException)
        {
            return null;
        }
    }

    private void Save(IReadOnlyList<AllowedPlace> folders) => place.Write(Name, new JsonArray(
        [.. folders.Select(folder => (JsonNode)new JsonObject { ["path"] = folder.Path, ["access"] = folder.ReadOnly ? "read" : "read-write" })]).ToJsonString());
}
