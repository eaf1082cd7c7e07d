using System.Text.Json;

namespace SyncMcp.Engine.Connectors;

/// <summary>A place in the order of the key, as a checkpoint keeps it: the key's values, encoded, in a JSON array.</summary>
internal static class Positions
{
    public static string Write(IEnumerable<Cell> cells) => JsonSerializer.Serialize([.. cells.Select(cell => cell.Encode())], CheckpointJson.Default.StringArray);

    public static IReadOnlyList<Cell> Read(string position) => [.. JsonSerializer.Deserialize(position, CheckpointJson.Default.StringArray)!.Select(Cell.Decode)];
}
