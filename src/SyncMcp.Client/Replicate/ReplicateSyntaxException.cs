namespace SyncMcp.Client.Replicate;

/// <summary>A text is no REPLICATE statement. The message says where, what was expected, and shows the place with a caret.</summary>
public sealed class ReplicateSyntaxException : FormatException
{
    private const int Window = 60;

    internal ReplicateSyntaxException(string text, int position, string problem)
        : base($"REPLICATE statement, position {position + 1}: {problem}\n{Excerpt(text, position)}")
    {
        Position = position;
        Problem = problem;
    }

    /// <summary>Where, in characters from 0.</summary>
    public int Position { get; }

    /// <summary>What is wrong and what was expected, without the excerpt.</summary>
    public string Problem { get; }

    private static string Excerpt(string text, int position)
    {
        var start = Math.Max(0, position - Window);
        var end = Math.Min(text.Length, position + Window);
        var line = text.LastIndexOf('\n', Math.Max(0, position - 1), Math.Max(0, position - start));
        if (line >= start && line < position)
            start = line + 1;
        var next = text.IndexOf('\n', position, end - position);
        if (next >= 0)
            end = next;
        var shown = new string([.. text[start..end].Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"  {(start > 0 ? "…" : " ")}{shown}\n  {new string(' ', position - start + 1)}^";
    }
}
