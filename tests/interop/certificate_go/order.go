// The disposal order that a document says to have followed (section 6.7). This program reads none.
package main

func checkFollowedOrder(d *document, found findings) {
	if d.text("statements.order.approver") != "" {
		found.add("I_ORDER_TEXT")
		return
	}
	for _, condition := range d.list("policy.decision.conditions") {
		if condition == "owner-accepts" {
			found.add("E_ORDER")
		}
	}
}
