using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Redaction;

namespace SyncMcp.Tools;

/// <summary>
/// Where new API tokens go instead of to the model: each into a file of its own (0600) in the operator's folder. The answer holds the file's path; the
/// token itself leaves this class only into that file.
/// </summary>
internal sealed class TokenFiles(string operatorFolder)
{
    private const int LongestName = 40;

    /// <summary>Refuses before anything is sent where the token could not be kept.</summary>
    public void Prepare()
    {
        try
        {
            Place();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(new("token_file_failed", $"A new token could not be kept: {e.Message}", "Ask the operator to make the operator's folder writable."));
        }
    }

    /// <summary>Puts the token of an answer into a file, and the file's path in its place.</summary>
    public JsonObject Keep(JsonObject answer)
    {
        var token = (answer["token"] as JsonValue)?.ToString();
        answer.Remove("token");
        if (token is not { Length: > 0 } || token == Secrets.Mask)
            throw new ToolException(new("bad_answer", "The server answered without a token that could be kept.", "See get_user whether a token was made; make another if so."), Outcome.Executed);
        Redactor.Hold(token);
        var user = string.Concat((answer["user_id"]?.ToString() ?? "user").Where(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_').Take(LongestName));
        var name = $"{user}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            var place = Place();
            place.Write(name, token + "\n");
            answer["written_to"] = place.File(name);
            return answer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(new("token_file_failed", $"A token was made, and is lost: its file could not be written: {e.Message}", "Make another when the operator's folder can be written."), Outcome.Executed);
        }
    }

    private OperatorPlace Place()
    {
        var place = new OperatorPlace(new OperatorPlace(operatorFolder).File("tokens"));
        place.File("");
        return place;
    }
}
