using Microsoft.CodeAnalysis;

namespace Mutations;

/// <summary>One change of one place.</summary>
/// <param name="Old">What is replaced.</param>
/// <param name="New">By what.</param>
/// <param name="Kind">The operator's name.</param>
/// <param name="Words">What it becomes, where the text of <paramref name="New"/> would say too much.</param>
internal sealed record Change(SyntaxNode Old, SyntaxNode New, string Kind, string? Words = null);

/// <summary>A change with its number, as it is reported.</summary>
internal sealed record Mutant(int Id, string File, int Line, string Member, string Kind, string Before, string After, int Point)
{
    /// <summary>What names it over versions of the file: no number of a line.</summary>
    public string Key => $"{Path.GetFileName(File)} {Member}: {Before} => {After}";

    public override string ToString() => $"{File}:{Line} {Member}: {Before} => {After}";
}
