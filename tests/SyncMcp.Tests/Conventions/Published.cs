using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Conventions;

/// <summary>One line of the list of the vendor's operations.</summary>
internal sealed record PublishedOperation(
    string Tool, string Area, string Verb, string Route, string Kind, string Tier, bool ReadOnly, bool Destructive, bool Idempotent, string Marks);

/// <summary>The list of the vendor's 77 operations, as a file.</summary>
internal static class Published
{
    public static IReadOnlyDictionary<string, PublishedOperation> Operations { get; } =
        File.ReadLines(Repository.At("tests", "SyncMcp.Client.Tests", "endpoints.tsv")).Skip(1).Where(line => line.Length > 0).Select(Parse)
            .ToDictionary(operation => operation.Tool, StringComparer.Ordinal);

    private static PublishedOperation Parse(string line)
    {
        var cells = line.Split('\t');
        return new(cells[0], cells[1], cells[3], cells[4], cells[5], cells[6], cells[7] == "yes", cells[8] == "yes", cells[9] == "yes", cells[10]);
    }
}
