namespace SyncMcp.Tests.Testing;

/// <summary>What every refusal owes its reader.</summary>
internal static class Refusal
{
    /// <summary>
    /// Itself, when it names all these in its words, says what to do next and that nothing was done, and says the same in its text: some clients show
    /// the model only that.
    /// </summary>
    public static ToolResult Naming(this ToolResult result, params string[] words)
    {
        var said = string.Join('\n', result.Structured["message"], result.Structured["next"], Said(result));
        foreach (var word in words)
            Assert.Contains(word, said, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace((string?)result.Structured["next"]), result.Text);
        Assert.Equal("not_executed", result.Outcome);
        Assert.StartsWith("NOT EXECUTED", result.Text, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{result.Code}\"", result.Text, StringComparison.Ordinal);
        return result;
    }

    // Others' words and lists stand in the details.
    private static string Said(ToolResult result) => result.Structured["details"] is { } details
        ? string.Join('\n', details.AsObject().Select(member => member.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)member.Value! : member.Value?.ToJsonString()))
        : "";
}
