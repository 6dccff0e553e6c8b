//! What users have typed, chosen and opened.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use super::super::{find, stage};
use super::{blur, focus, is_focused, morph, type_into};

#[wasm_bindgen_test]
fn swp_10_typed_text_stays_until_the_server_says_something_else() {
    let stage = stage("<input name=a value=old><b>1</b>");
    let input = type_into(&stage, "input", "typed");
    morph(&stage, "<input name=a value=old class=c><b>2</b>");
    assert_eq!(input.value(), "typed");
    morph(&stage, "<input name=a value=new class=c><b>3</b>");
    assert_eq!(input.value(), "new");
    type_into(&stage, "input", "typed");
    morph(&stage, "<input name=a class=c>");
    assert_eq!(input.value(), "");
    assert_eq!(find::<HtmlInputElement>(&stage, "input"), input);
    // What nobody has touched follows by itself, and is not the user's afterwards.
    morph(&stage, "<input name=a value=next>");
    assert_eq!(
        (input.value(), input.default_value()),
        ("next".to_owned(), "next".to_owned())
    );
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_what_has_the_focus_is_never_written_into() {
    // DIFFERENCE: htmx changes the attribute of the focused control.
    let stage = stage("<input id=a value=old><textarea id=t>old</textarea>");
    let input: HtmlInputElement = find(&stage, "input");
    focus(&input);
    input.set_selection_range(1, 2).unwrap();
    let payload = "<input id=a value=new class=c><textarea id=t>new</textarea>";
    morph(&stage, payload);
    assert_eq!(
        (input.value(), input.class_name()),
        ("old".to_owned(), "c".to_owned())
    );
    assert_eq!(
        (input.selection_start().unwrap(), input.selection_end().unwrap()),
        (Some(1), Some(2))
    );
    let area: HtmlTextAreaElement = find(&stage, "textarea");
    assert_eq!(area.value(), "new");
    focus(&area);
    area.set_value("typing");
    // Its turn comes with the next payload.
    morph(&stage, &payload.replace(">new<", ">newer<"));
    assert_eq!(
        (input.value(), area.value()),
        ("new".to_owned(), "typing".to_owned())
    );
    assert!(is_focused(&area));
    blur(&area);
    morph(&stage, &payload.replace(">new<", ">newer<"));
    assert_eq!(area.value(), "newer");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_a_button_that_was_just_clicked_changes_its_label() {
    let stage = stage("<input type=submit id=s value=Save>");
    let button: HtmlInputElement = find(&stage, "input");
    focus(&button);
    morph(&stage, "<input type=submit id=s value=Saved>");
    assert_eq!(button.value(), "Saved");
    assert!(is_focused(&button));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_text_areas() {
    let stage = stage("<textarea name=a>old</textarea>");
    let area: HtmlTextAreaElement = find(&stage, "textarea");
    area.set_value("typed");
    morph(&stage, "<textarea name=a rows=3>old</textarea>");
    assert_eq!((area.value(), area.rows()), ("typed".to_owned(), 3));
    morph(&stage, "<textarea name=a rows=3>new</textarea>");
    assert_eq!(
        (area.value(), stage.inner_html().as_str()),
        ("new".to_owned(), "<textarea name=\"a\" rows=\"3\">new</textarea>")
    );
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_boxes_and_radios() {
    let radios = |checked: &str| {
        let radio = |value: &str| {
            let is_checked = if value == checked { " checked" } else { "" };
            format!("<input type=radio name=r value={value}{is_checked}>")
        };
        ["1", "2", "3"].map(radio).concat()
    };
    let stage = stage(&format!("<input type=checkbox name=b>{}", radios("1")));
    let is_checked = |selector: &str| find::<HtmlInputElement>(&stage, selector).checked();
    find::<HtmlInputElement>(&stage, "[name=b]").set_checked(true);
    find::<HtmlInputElement>(&stage, "[value='3']").set_checked(true);
    morph(
        &stage,
        &format!("<input type=checkbox name=b class=c>{}<b></b>", radios("1")),
    );
    assert!(is_checked("[name=b]") && is_checked("[value='3']") && !is_checked("[value='1']"));
    morph(
        &stage,
        &format!("<input type=checkbox name=b checked>{}<b></b>", radios("2")),
    );
    assert!(is_checked("[name=b]") && is_checked("[value='2']") && !is_checked("[value='3']"));
    morph(
        &stage,
        &format!("<input type=checkbox name=b>{}<b></b>", radios("2")),
    );
    assert!(!is_checked("[name=b]") && is_checked("[value='2']"));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_a_choice_stays_the_users() {
    let options = |list: &str| {
        let option = |value: &str| format!("<option value={}>", value.replace('!', " selected"));
        list.split(' ').map(option).collect::<String>()
    };
    let stage = stage(&format!("<select name=s>{}</select>", options("a b c")));
    let list: HtmlSelectElement = find(&stage, "select");
    for (chosen, payload, expected) in [
        // The server says nothing about it.
        ("c", "x a c", "c"),
        ("a", "c b a x", "a"),
        // What was chosen is gone.
        ("b", "a c", "a"),
        // It chooses, repeats itself, and chooses again.
        ("a", "a b! c", "b"),
        ("c", "a b! c d", "c"),
        ("c", "c! b a", "c"),
        ("b", "c b a!", "a"),
    ] {
        list.set_value(chosen);
        morph(&stage, &format!("<select name=s>{}</select>", options(payload)));
        assert_eq!(list.value(), expected, "{chosen} before {payload}");
    }
    // While it has the focus, only its user chooses, and the server is followed later.
    focus(&list);
    list.set_value("b");
    let payload = format!("<select name=s>{}</select>", options("a b c! d"));
    morph(&stage, &payload);
    assert_eq!((list.value(), list.length()), ("b".to_owned(), 4));
    blur(&list);
    morph(&stage, &payload);
    assert_eq!(list.value(), "c");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_several_choices_stay_the_users() {
    let stage = stage("<select multiple id=m><option>a<option>b<option>c</select>");
    let chosen = || {
        let options = crate::browser::dom::select_all(&stage, "option:checked");
        options
            .iter()
            .filter_map(|option| option.text_content())
            .collect::<String>()
    };
    for option in crate::browser::dom::select_all(&stage, "option")
        .into_iter()
        .skip(1)
    {
        wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlOptionElement>(option).set_selected(true);
    }
    morph(
        &stage,
        "<select multiple id=m><option>c<option>d<option>b<option>a</select>",
    );
    assert_eq!(chosen(), "cb");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_typed_text_is_not_found_under_another_name() {
    let stage = stage("<input name=a><input type=text><textarea name=t></textarea>");
    type_into(&stage, "[name=a]", "typed");
    type_into(&stage, "[type=text]", "typed");
    find::<HtmlTextAreaElement>(&stage, "textarea").set_value("typed");
    morph(
        &stage,
        "<input name=b><input type=number><textarea name=u></textarea>",
    );
    for input in crate::browser::dom::select_all(&stage, "input") {
        assert_eq!(
            wasm_bindgen::JsCast::unchecked_into::<HtmlInputElement>(input).value(),
            ""
        );
    }
    assert_eq!(find::<HtmlTextAreaElement>(&stage, "textarea").value(), "");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_files_cannot_be_chosen_by_a_payload() {
    let stage = stage("<input type=file name=f>");
    morph(&stage, "<input type=file name=f value=/etc/passwd class=c>");
    assert_eq!(find::<HtmlInputElement>(&stage, ".c").value(), "");
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_what_a_user_has_opened_stays_open() {
    // DIFFERENCE: htmx writes the attribute each time.
    let (closed, open) = (
        "<details><summary>s</summary>",
        "<details open><summary>s</summary>",
    );
    let stage = stage(closed);
    let details: HtmlElement = find(&stage, "details");
    let is_open = || details.has_attribute("open");
    let set_open = |open: bool| details.toggle_attribute_with_force("open", open).unwrap();
    set_open(true);
    morph(&stage, &format!("{closed}1"));
    assert!(is_open());
    morph(&stage, &format!("{closed}2"));
    assert!(is_open());
    // The server opens it, a user closes it, the server repeats itself.
    set_open(false);
    morph(&stage, &format!("{open}3"));
    assert!(is_open());
    set_open(false);
    morph(&stage, &format!("{open}4"));
    assert!(!is_open());
    // The server closes it and opens it again.
    morph(&stage, &format!("{closed}5"));
    set_open(true);
    morph(&stage, &format!("{open}6"));
    morph(&stage, &format!("{closed}7"));
    assert!(!is_open());
    // What is new is as the server says, and known from then on.
    morph(&stage, &format!("{closed}8</details>{open}9</details>"));
    let second: HtmlElement = find(&stage, "details:nth-child(2)");
    assert!(second.has_attribute("open"));
    second.remove_attribute("open").unwrap();
    morph(&stage, &format!("{closed}8</details>{open}10</details>"));
    assert!(!second.has_attribute("open"));
    stage.remove();
}

#[wasm_bindgen_test]
fn swp_10_a_dialog_over_the_page_is_closed_as_one() {
    let stage = stage("<dialog id=d>1</dialog>");
    morph(&stage, "<dialog id=d open>2</dialog>");
    let dialog: Element = find(&stage, "#d");
    let call = |method: &str| {
        let function = js_sys::Reflect::get(&dialog, &method.into()).unwrap();
        wasm_bindgen::JsCast::unchecked_into::<js_sys::Function>(function)
            .call0(&dialog)
            .unwrap();
    };
    call("close");
    call("showModal");
    assert!(dialog.matches(":modal").unwrap());
    // What lies over the page stays there.
    morph(&stage, "<dialog id=d open>3</dialog>");
    assert!(dialog.matches(":modal").unwrap());
    morph(&stage, "<dialog id=d>4</dialog>");
    assert!(!dialog.matches(":modal").unwrap() && !dialog.has_attribute("open"));
    stage.remove();
}
