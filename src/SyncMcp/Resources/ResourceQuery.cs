using System.Text.Json.Nodes;
using ModelContextProtocol;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>The query of an address, in any order: the same words as the arguments of the tool twin.</summary>
internal static class ResourceQuery
{
    /// <summary>Puts members of the request into it and gives the control arguments.</summary>
    /// <exception cref="McpProtocolException">A word that the resource does not know, or a number out of range.</exception>
    public static Controls Take(IReadOnlyDictionary<string, string> query, Endpoint endpoint, JsonObject members)
    {
        string[] known = endpoint switch
        {
            _ when ResourceArea.All.Any(area => area.Log == endpoint) => ["tail", "after", "grep"],
            _ when ResourceArea.All.Any(area => area.History == endpoint) => ["limit", "cursor", "status"],
            { IsList: true } => ["limit", "cursor"],
            _ => [],
        };
        var controls = new Controls();
        foreach (var (name, value) in query)
        {
            if (!known.Contains(name))
                throw Wrong($"This resource knows no {Filters.Text.Quote(name)}; it knows: {(known.Length > 0 ? string.Join(", ", known) : "no query")}.");
            switch (name)
            {
                case "limit":
                    controls = controls with { Limit = Number(name, value, 1, Page.MaxLimit) };
                    break;
                case "cursor":
                    controls = controls with { Cursor = value };
                    break;
                case "tail":
                    members[name] = Number(name, value, 1, 1000);
                    break;
                case "after":
                    members[name] = Number(name, value, 0, int.MaxValue);
                    break;
                default:
                    members[name] = value;
                    break;
            }
        }

        return controls;
    }

    private static int Number(string name, string value, int least, int most) =>
        int.TryParse(value, out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"{name} is a whole number from {least} to {most}.");

    private static McpProtocolException Wrong(string message) => new(message, McpErrorCode.InvalidParams);
}
