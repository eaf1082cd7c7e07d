using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using SyncMcp.Filters;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Month;

/// <summary>One question of a person, and what the assistant calls to answer it: counted, and weighed in tokens (o200k_base) of what it asks and reads.</summary>
internal sealed class Talk(SyncSession session)
{
    private static readonly TiktokenTokenizer Tokenizer = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>Calls of tools.</summary>
    public int Calls { get; private set; }

    /// <summary>Tokens of all arguments and answers.</summary>
    public int Tokens { get; private set; }

    /// <summary>Questions that the person was asked.</summary>
    public int Asked => session.Person.Questions.Count - askedBefore;

    private readonly int askedBefore = session.Person.Questions.Count;

    /// <summary>Calls a tool, which must answer well.</summary>
    public async Task<ToolResult> CallAsync(string tool, object? arguments = null)
    {
        var result = (await session.CallAsync(tool, arguments)).Ok();
        Calls++;
        Tokens += Count(System.Text.Json.JsonSerializer.SerializeToNode(arguments)) + Count(result.Structured);
        return result;
    }

    private static int Count(JsonNode? node) => node is null ? 0 : Tokenizer.CountTokens(node.ToJsonString(Budget.Json));
}
